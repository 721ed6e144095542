package ui

import "fmt"

// passkeyScript is what a person pastes into the browser's console on
// web.whatsapp.com: it turns the network's WebAuthn request into the browser's
// prompt and prints the answer as one line (W3C Web Authentication Level 3,
// sections 5.1.10 parseRequestOptionsFromJSON and 5.1.1 toJSON).
func passkeyScript(request string) string {
	return fmt.Sprintf(`const request = %s;
const options = PublicKeyCredential.parseRequestOptionsFromJSON(request.publicKey ?? request);
console.log(JSON.stringify((await navigator.credentials.get({publicKey: options})).toJSON()));`, request)
}
