// Package frame is what stands around every request: request id, language in
// the path, security headers, cross-origin protection, limits, and the one
// place where errors become replies. The faces (public, press, desk, api) are
// written as Handler functions that get a Request and give an error.
//
// Imports catalogue, problem and regulation. Read frame.go.
package frame
