package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// plan says what a cluster consists of. The library writes it, see src/providers/node/plan.ts.
type plan struct {
	// Record is the file that tells which processes to end.
	Record string `json:"record"`
	// Folders and Files of the machine that the cluster gets copies of its own of: path on the machine → path of the stand-in.
	Folders map[string]string `json:"folders"`
	Files   map[string]string `json:"files"`
	// Processes in the order in which they are started.
	Processes []process `json:"processes"`
}

type process struct {
	Name    string            `json:"name"`
	Command []string          `json:"command"`
	Env     map[string]string `json:"env"`
	Log     string            `json:"log"`
	// After is an address that must accept connections before the process is started: some components give up, or wait for
	// seconds, when the API server is not there yet.
	After string `json:"after"`
	// Hold is a file that keeps the process from being started for as long as it is there.
	Hold string `json:"hold"`
}

func readPlan(file string) (plan, error) {
	var p plan
	content, err := os.ReadFile(file)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(content, &p); err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}
