// Command tring is a WhatsApp softphone for the terminal.
package main

func main() {}
