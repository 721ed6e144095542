package graph

import (
	"crypto/rand"
	"fmt"
	"net/http"
)

// refusal is an error of the Graph API.
type refusal struct {
	status  int
	code    int
	title   string
	details string
	subcode int
}

func (r *refusal) Error() string { return fmt.Sprintf("(#%d) %s: %s", r.code, r.title, r.details) }

// codes are the documented errors: the status that they come with and the
// title. Titles change; clients must not read them.
var codes = map[int]struct {
	status int
	title  string
}{
	1:      {http.StatusInternalServerError, "An unknown error occurred"},
	2:      {http.StatusServiceUnavailable, "An unexpected error has occurred. Please retry your request later."},
	3:      {http.StatusForbidden, "Application does not have the capability to make this API call"},
	4:      {http.StatusTooManyRequests, "Application request limit reached"},
	10:     {http.StatusForbidden, "Application does not have permission for this action"},
	33:     {http.StatusBadRequest, "Parameter value is not valid"},
	100:    {http.StatusBadRequest, "Invalid parameter"},
	104:    {http.StatusUnauthorized, "An access token is required to request this resource"},
	190:    {http.StatusUnauthorized, "Error validating access token"},
	200:    {http.StatusForbidden, "Permissions error"},
	368:    {http.StatusForbidden, "Temporarily blocked for policies violations"},
	613:    {http.StatusTooManyRequests, "Calls to this api have exceeded the rate limit"},
	2635:   {http.StatusBadRequest, "You are calling a deprecated version of the API"},
	80007:  {http.StatusTooManyRequests, "Rate limit issues"},
	130403: {http.StatusBadRequest, "The business has blocked the user"},
	130429: {http.StatusTooManyRequests, "Rate limit hit"},
	130497: {http.StatusForbidden, "Business account is restricted from messaging users in this country"},
	131000: {http.StatusInternalServerError, "Something went wrong"},
	131005: {http.StatusForbidden, "Access denied"},
	131008: {http.StatusBadRequest, "Required parameter is missing"},
	131009: {http.StatusBadRequest, "Parameter value is not valid"},
	131016: {http.StatusInternalServerError, "Service unavailable"},
	131021: {http.StatusBadRequest, "Recipient cannot be sender"},
	131026: {http.StatusBadRequest, "Message undeliverable"},
	131030: {http.StatusBadRequest, "Recipient phone number not in allowed list"},
	131031: {http.StatusForbidden, "Account has been locked"},
	131042: {http.StatusBadRequest, "Business eligibility payment issue"},
	131044: {http.StatusBadRequest, "Business payment method is missing"},
	131045: {http.StatusBadRequest, "Incorrect certificate"},
	131047: {http.StatusBadRequest, "Re-engagement message"},
	131048: {http.StatusBadRequest, "Spam rate limit hit"},
	131049: {http.StatusBadRequest, "Meta chose not to deliver"},
	131050: {http.StatusBadRequest, "User has stopped marketing messages"},
	131051: {http.StatusBadRequest, "Unsupported message type"},
	131052: {http.StatusBadRequest, "Media download error"},
	131053: {http.StatusBadRequest, "Media upload error"},
	131055: {http.StatusBadRequest, "Method not allowed"},
	131056: {http.StatusTooManyRequests, "Pair rate limit hit"},
	131057: {http.StatusBadRequest, "Account in maintenance mode"},
	132001: {http.StatusBadRequest, "Template does not exist"},
	133010: {http.StatusBadRequest, "Phone number not registered"},
	138000: {http.StatusUnauthorized, "Calling not enabled"},
	138001: {http.StatusBadRequest, "Receiver uncallable"},
	138002: {http.StatusTooManyRequests, "Concurrent calls limit reached"},
	138003: {http.StatusBadRequest, "Duplicate call"},
	138004: {http.StatusInternalServerError, "Connection error"},
	138005: {http.StatusTooManyRequests, "Call rate limit exceeded"},
	138006: {http.StatusUnauthorized, "No approved call permission from the recipient"},
	138007: {http.StatusInternalServerError, "Connection timeout"},
	138008: {http.StatusBadRequest, "SDP Validation error"},
	138009: {http.StatusBadRequest, "Call permission request limit reached"},
	138011: {http.StatusBadRequest, "A conversation is needed first"},
	138012: {http.StatusBadRequest, "Business initiated calls limit reached"},
	138013: {http.StatusBadRequest, "Business initiated calling is not available"},
	138014: {http.StatusBadRequest, "Calling is temporarily disabled"},
	138015: {http.StatusBadRequest, "Calling cannot be enabled"},
	138017: {http.StatusBadRequest, "Permanent permission already exists"},
	138018: {http.StatusBadRequest, "Prerequisites for calling are missing"},
	138019: {http.StatusInternalServerError, "Call setup failed"},
	138020: {http.StatusInternalServerError, "Relay failed"},
	138021: {http.StatusInternalServerError, "No media from the business"},
	138022: {http.StatusInternalServerError, "Media could not be sent to the business"},
	138023: {http.StatusInternalServerError, "No media signals after the call was accepted"},
}

// refuse is a documented error.
func refuse(code int, details string, args ...any) *refusal {
	known, ok := codes[code]
	if !ok {
		known = codes[131000]
	}
	return &refusal{status: known.status, code: code, title: known.title, details: fmt.Sprintf(details, args...)}
}

// object is the error as Graph writes it.
func (r *refusal) object() object {
	e := object{
		"message": fmt.Sprintf("(#%d) %s", r.code, r.title), "type": "OAuthException", "code": r.code,
		"fbtrace_id": rand.Text()[:11],
	}
	if r.details != "" {
		e["error_data"] = object{"messaging_product": "whatsapp", "details": r.details}
	}
	if r.subcode != 0 {
		e["error_subcode"] = r.subcode
	}
	return object{"error": e}
}

// webhook is the error as webhooks carry it.
func (r *refusal) webhook() object {
	return object{
		"code": r.code, "message": r.title, "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
		"error_data": object{"details": r.details},
	}
}
