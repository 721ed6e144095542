// Package graph is Meta's Graph API as far as a business line needs it: calls,
// permissions, messages, settings, subscriptions. Every refusal becomes an
// Error with a sentence, a next step and the phone's Cause.
//
// What may be sent again and what may not is decided here (see policy): a call
// that was placed twice rings twice.
package graph
