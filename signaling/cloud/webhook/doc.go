// Package webhook takes what Meta pushes: it verifies the signature over the
// very bytes, puts them on disk, says 200 and hands on what they mean.
//
// Nothing here trusts the order, the number or the freshness of events. Meta
// sends some twice, some days later, and an ending before its beginning.
package webhook
