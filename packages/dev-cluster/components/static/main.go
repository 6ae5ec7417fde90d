// A program that needs nothing but the kernel: what an image without a shell runs, and the process that holds a pod's namespaces.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	if len(os.Args) > 1 && os.Args[1] == "pause" {
		pause(end)
		return
	}
	ledger(end)
}

// pause is the first process of a pod: orphans of a shared process namespace become its children.
func pause(end <-chan os.Signal) {
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	for {
		select {
		case <-end:
			return
		case <-children:
			for {
				if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); err != nil || pid <= 0 {
					break
				}
			}
		}
	}
}

func ledger(end <-chan os.Signal) {
	fmt.Println("ledger: open for business")
	ticker := time.NewTicker(20 * time.Second)
	for entry := 1; ; entry++ {
		select {
		case <-end:
			fmt.Println("ledger: closed")
			return
		case <-ticker.C:
			fmt.Printf("ledger: entry %d balanced\n", entry)
		}
	}
}
