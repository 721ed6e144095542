package chat

import (
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"time"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"google.golang.org/protobuf/proto"
)

// vouch signs a companion's identity, and proves with secret to the companion
// that the signature comes from the handset that it showed the secret to.
func (h *Handset) vouch(companion []byte, keyIndex uint32, secret []byte) ([]byte, *waAdv.ADVSignedDeviceIdentity, error) {
	details, err := proto.Marshal(&waAdv.ADVDeviceIdentity{
		RawID:       proto.Uint32(h.signal.RegistrationID),
		Timestamp:   proto.Uint64(uint64(time.Now().Unix())),
		KeyIndex:    proto.Uint32(keyIndex),
		AccountType: waAdv.ADVEncryptionType_E2EE.Enum(),
		DeviceType:  waAdv.ADVEncryptionType_E2EE.Enum(),
	})
	if err != nil {
		return nil, nil, err
	}
	signed := &waAdv.ADVSignedDeviceIdentity{
		Details: details, AccountSignatureKey: h.identity(),
		AccountSignature: h.sign(whatsmeow.AdvAccountSignaturePrefix, details, companion),
	}
	inner, err := proto.Marshal(signed)
	if err != nil {
		return nil, nil, err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(inner)
	container, err := proto.Marshal(&waAdv.ADVSignedDeviceIdentityHMAC{Details: inner, HMAC: mac.Sum(nil)})
	return container, signed, err
}

func (h *Handset) sign(parts ...[]byte) []byte {
	signature := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*h.signal.IdentityKey.Priv), concat(parts...))
	return signature[:]
}

// keyIndexList is the handset's signed list of valid companions, for usync.
// Called with the lock held.
func (h *Handset) keyIndexList() (signed []byte, at int64) {
	var indexes []uint32
	for id, d := range h.account.devices {
		if id != 0 {
			indexes = append(indexes, d.keyIndex)
		}
	}
	if len(indexes) == 0 {
		return nil, 0
	}
	slices.Sort(indexes)
	at = time.Now().Unix()
	list, err := proto.Marshal(&waAdv.ADVKeyIndexList{
		RawID: proto.Uint32(h.signal.RegistrationID), Timestamp: proto.Uint64(uint64(at)),
		CurrentIndex: proto.Uint32(indexes[len(indexes)-1]), ValidIndexes: indexes,
	})
	if err != nil {
		return nil, 0
	}
	prefix := []byte{6, 2} // of a key index list's signature
	out, err := proto.Marshal(&waAdv.ADVSignedKeyIndexList{Details: list, AccountSignature: h.sign(prefix, list)})
	if err != nil {
		return nil, 0
	}
	return out, at
}
