package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	fmt.Printf("%s: %d tides, the first at %s\n", os.Getenv("HARBOUR"), len(lines), lines[0])
}
