package graph

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// maxFiles is how many uploads are kept.
const maxFiles = 100

// file is something that was uploaded.
type file struct {
	kind string
	data []byte
}

// blob is a file as an answer.
type blob file

// postMedia keeps an upload.
func (s *Server) postMedia(r *request) (any, error) {
	r.Body = io.NopCloser(bytes.NewReader(r.body))
	if err := r.ParseMultipartForm(maxUpload); err != nil {
		return nil, refuse(131053, "the body must be multipart/form-data")
	}
	if r.FormValue("messaging_product") != "whatsapp" || r.FormValue("type") == "" {
		return nil, refuse(131008, "messaging_product and type are needed")
	}
	upload, _, err := r.FormFile("file")
	if err != nil {
		return nil, refuse(131008, "file is missing")
	}
	defer upload.Close()
	data, err := io.ReadAll(upload)
	if err != nil || len(data) == 0 {
		return nil, refuse(131053, "the file is empty")
	}
	return s.store(file{r.FormValue("type"), data})
}

func (s *Server) store(f file) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.files) >= maxFiles {
		return nil, refuse(131053, "%d files are kept already", maxFiles)
	}
	return object{"id": s.put(f)}, nil
}

// getMedia says where a file can be fetched.
func (s *Server) getMedia(r *request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[r.node]
	sum := sha256.Sum256(f.data)
	return object{
		"messaging_product": "whatsapp", "id": r.node, "mime_type": f.kind, "file_size": len(f.data),
		"sha256": hex.EncodeToString(sum[:]), "url": s.url + "/v24.0/" + r.node + "/content",
	}, nil
}

func (s *Server) download(r *request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return blob(s.files[r.node]), nil
}
