package graph

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"unicode/utf8"

	"tring/phone"
)

// MaxMedia bounds a file that is fetched, in bytes: Meta's limit for sound.
const MaxMedia = 16 << 20

// Media is a file that a customer sent, or a recording.
type Media struct {
	Type string // MIME
	Body []byte
}

// Recording has Meta record calls: it tells both sides so with a spoken notice
// first.
type Recording struct {
	Purpose  string // why, at most MaxPurpose characters
	Language string // of the notice, e.g. "en"; empty is Meta's choice
}

// Good reports whether Meta takes it.
func (r *Recording) Good() bool {
	return r == nil || r.Purpose != "" && utf8.RuneCountInString(r.Purpose) <= MaxPurpose
}

// MaxPurpose bounds the purpose of a recording, in characters.
const MaxPurpose = 250

type recordingBody struct {
	Status   string `json:"status"`
	Purpose  string `json:"purpose"`
	Language string `json:"announcement_language,omitempty"`
}

func (r *Recording) body() *recordingBody {
	if r == nil {
		return nil
	}
	return &recordingBody{"ENABLED", r.Purpose, r.Language}
}

var (
	errMediaLarge = errors.New("the file is larger than 16 MB")
	errMediaHash  = errors.New("the file did not arrive whole; fetch it again")
	errMediaPlace = errors.New("Meta named a place for the file that is not its own")
)

// Media fetches a file by its id.
func (c *Client) Media(ctx context.Context, id string) (Media, error) {
	var a struct {
		URL  string `json:"url"`
		Type string `json:"mime_type"`
		Hash string `json:"sha256"`
		Size number `json:"file_size"`
	}
	if err := c.do(ctx, request{method: http.MethodGet, path: c.below(id, ""), policy: read}, &a); err != nil {
		return Media{}, err
	}
	if a.Size > MaxMedia {
		return Media{}, errMediaLarge
	}
	body, err := c.fetch(ctx, a.URL)
	if err != nil {
		return Media{}, err
	}
	if sum := sha256.Sum256(body); a.Hash != "" && a.Hash != hex.EncodeToString(sum[:]) && a.Hash != base64.StdEncoding.EncodeToString(sum[:]) {
		return Media{}, errMediaHash
	}
	return Media{phone.CleanLine(a.Type, 80), body}, nil
}

// fetch gets a file from where Meta keeps it. The token goes along, so the
// place must be as safe as Graph itself.
func (c *Client) fetch(ctx context.Context, place string) ([]byte, error) {
	u, err := url.Parse(place)
	base, _ := url.Parse(c.config.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && (base == nil || u.Host != base.Host) {
		return nil, errMediaPlace
	}
	ctx, cancel := context.WithTimeout(ctx, mediaTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, place, nil)
	if err != nil {
		return nil, errMediaPlace
	}
	req.Header.Set("Authorization", "Bearer "+c.config.Token)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxMedia+1))
	switch {
	case err != nil:
		return nil, unreachable(err)
	case resp.StatusCode != http.StatusOK:
		return nil, parseError(resp.StatusCode, body)
	case len(body) > MaxMedia:
		return nil, errMediaLarge
	}
	return body, nil
}

// UploadAnnouncement uploads the sound before a voicemail and returns its id.
func (c *Client) UploadAnnouncement(ctx context.Context, name string, sound []byte) (string, error) {
	if len(sound) > MaxMedia {
		return "", errMediaLarge
	}
	if !bytes.HasPrefix(sound, []byte("OggS")) {
		return "", errors.New("an announcement must be an OGG file with Opus, shorter than a minute")
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range [][2]string{{"messaging_product", "whatsapp"}, {"type", "audio/ogg"}, {"use_case", "call_voicemail_announcement"}} {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return "", err
		}
	}
	part, err := w.CreateFormFile("file", phone.CleanName(name))
	if err != nil {
		return "", err
	}
	if _, err := part.Write(sound); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	var a struct{ ID string }
	r := request{method: http.MethodPost, path: c.number("media"), raw: &payload{w.FormDataContentType(), b.Bytes()}, policy: once}
	if err := c.do(ctx, r, &a); err != nil {
		return "", fmt.Errorf("the announcement was not taken: %w", err)
	}
	return a.ID, nil
}
