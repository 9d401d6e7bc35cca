package main

import (
	_ "embed"
	"os"

	"example.org/light"
)

//go:embed help.txt
var help string

var version, commit string

func main() {
	places, err := os.ReadFile("/etc/places.txt")
	if err != nil {
		panic(err)
	}
	if len(os.Args) < 2 {
		os.Stdout.WriteString(help)
		return
	}
	os.Stdout.WriteString(light.Flash(len(os.Args)-1) + " " + version + " (" + commit + ") ")
	if os.Getuid() == 33 {
		os.Stdout.WriteString("as www-data ")
	}
	os.Stdout.Write(places)
}
