// Package audiotest is for tests that listen: signals to speak, a device
// without hardware, a finder of tones, a checker of pipeline stages, and a
// private sound server for tests of real devices.
package audiotest
