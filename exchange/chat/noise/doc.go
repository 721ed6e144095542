// Package noise is the responder's side of the transport of WhatsApp clients:
// length-prefixed frames, and the Noise patterns XX, IK and XXfallback with
// X25519, AES-256-GCM and SHA-256, proven by a certificate chain of our own.
//
// A client that knows nothing starts XX. A client that has seen our static key
// before tries IK; when its hello does not decrypt it is answered as
// XXfallback, which reuses the ephemeral key that it has already sent.
package noise
