package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strings"
)

// A server by hand: the standard one takes the compiler half a minute.
func main() {
	text, err := os.ReadFile("/etc/service.conf")
	if err != nil {
		panic(err)
	}
	body := fmt.Sprintf("%s from %d\n", strings.TrimPrefix(strings.TrimSpace(string(text)), "greeting="), os.Getuid())
	listener, err := net.Listen("tcp", ":8200")
	if err != nil {
		panic(err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		if line, err := bufio.NewReader(client).ReadString('\n'); err == nil && strings.HasPrefix(line, "GET ") {
			fmt.Fprintf(client, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
		}
		client.Close()
	}
}
