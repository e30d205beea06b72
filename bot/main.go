// Command bot is Griot: see doc.go for how it is put together.
package main

func main() {}
