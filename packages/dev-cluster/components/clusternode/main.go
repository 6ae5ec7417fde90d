// The small program around the components of one cluster.
//
//	cluster-node certificates <folder>   writes the cluster's keys and certificates
//	cluster-node run <plan.json>         runs the cluster until it is told to stop
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := act(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cluster-node:", err)
		os.Exit(1)
	}
}

func act(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: cluster-node certificates <folder> | cluster-node run <plan.json>")
	}
	switch args[0] {
	case "certificates":
		return writeCertificates(args[1])
	case "run":
		return runCluster(args[1])
	case initCommand:
		return runInside(args[1])
	}
	return fmt.Errorf("unknown command %q", args[0])
}
