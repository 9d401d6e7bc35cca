// Package light tells how a beacon flashes.
package light

import "strings"

// Flash repeats a sign.
func Flash(times int) string { return strings.Repeat("*", times) }
