package graph

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// admit reads a request and checks version, token and permission.
func (s *Server) admit(r *http.Request) (edge, *request, error) {
	version, path, _ := strings.Cut(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	if err := s.version(version); err != nil {
		return edge{}, nil, err
	}
	node, rest, _ := strings.Cut(path, "/")
	key := r.Method + " " + s.kind(node)
	if rest != "" {
		key += "/" + rest
	}
	e, ok := edges[key]
	if !ok {
		return edge{}, nil, &refusal{status: http.StatusBadRequest, code: 100, title: fmt.Sprintf("Unsupported %s request", strings.ToLower(r.Method)), details: "Object or edge does not exist"}
	}
	if err := s.authorise(r, e.proof); err != nil {
		return edge{}, nil, err
	}
	limit := int64(maxBody)
	if e.name == "media" {
		limit = maxUpload
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil || int64(len(body)) > limit {
		return edge{}, nil, refuse(100, "the body is too large, or broken")
	}
	return e, &request{r, body, node}, nil
}

// version checks the path's first segment.
func (s *Server) version(text string) error {
	major, minor, ok := strings.Cut(strings.TrimPrefix(text, "v"), ".")
	n, err := strconv.Atoi(major)
	if !ok || err != nil || minor != "0" || !strings.HasPrefix(text, "v") || n > newest {
		return refuse(100, "Unknown path components: /%.40s", text)
	}
	if n < oldest && !s.options.Lax.OldVersions {
		return refuse(2635, "Calling needs v%d.0 or later", oldest)
	}
	return nil
}

// kind says what an id stands for.
func (s *Server) kind(node string) string {
	switch b := s.options.Business; node {
	case b.PhoneNumberID:
		return "number"
	case b.AccountID:
		return "account"
	case "debug_token":
		return "token"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.files[node]; ok {
		return "file"
	}
	return "unknown"
}

// authorise checks the token, what it may do, and the proof of the app secret.
func (s *Server) authorise(r *http.Request, scope string) error {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || token == "" {
		return refuse(104, "no access token")
	}
	s.mu.Lock()
	revoked, missing := s.faults.TokenRevoked || s.expired(), s.faults.MissingScope
	s.mu.Unlock()
	b := s.options.Business
	switch {
	case token != b.Token || revoked:
		r := refuse(190, "the session has been invalidated")
		r.subcode = 463
		return r
	case scope != "" && missing == scope:
		return refuse(200, "the token lacks %s", scope)
	}
	proof := r.URL.Query().Get("appsecret_proof")
	if proof == "" && !b.NeedsProof {
		return nil
	}
	mac := hmac.New(sha256.New, []byte(b.AppSecret))
	mac.Write([]byte(token))
	if proof != hex.EncodeToString(mac.Sum(nil)) {
		wrong := refuse(104, "API calls from the server require an appsecret_proof argument")
		wrong.status = http.StatusBadRequest
		return wrong
	}
	return nil
}
