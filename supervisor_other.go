//go:build !linux

package main

import "os/exec"

// dieWithParent needs Linux; elsewhere the child notices the closed terminal.
func dieWithParent(*exec.Cmd) {}
