package whatsapp

import "strings"

// maskID shortens a call id for logs.
func maskID(id string) string {
	if len(id) <= 8 {
		return id
	}
	return strings.ToUpper(id[2:8]) + "…"
}
