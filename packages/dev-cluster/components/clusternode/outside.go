package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
)

const initCommand = "init"

// identity names a process for good: a process id alone may be somebody else's by the time it is read.
type identity struct {
	Pid       int    `json:"pid"`
	StartTime string `json:"startTime"`
}

// runCluster starts the cluster in a process and a mount namespace of its own. When the first process of that namespace ends, for
// whatever reason, the kernel ends every other one in it and takes its mounts away: that is what makes stopping complete.
func runCluster(planFile string) error {
	// The death signal below is tied to the thread that starts the process.
	runtime.LockOSThread()
	p, err := readPlan(planFile)
	if err != nil {
		return err
	}
	ready, started, err := os.Pipe()
	if err != nil {
		return err
	}
	inside := exec.Command("/proc/self/exe", initCommand, planFile)
	inside.Stdout, inside.Stderr = os.Stdout, os.Stderr
	inside.ExtraFiles = []*os.File{ready}
	inside.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS,
		Pdeathsig:  syscall.SIGKILL,
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	if err := inside.Start(); err != nil {
		return fmt.Errorf("cannot make a namespace for the cluster (root is needed): %w", err)
	}
	ready.Close()
	if err := writeRecord(p.Record, os.Getpid(), inside.Process.Pid); err != nil {
		return errors.Join(err, inside.Process.Kill(), inside.Wait())
	}
	// Only now, when it is on record what to end, may the cluster start.
	if _, err := started.Write([]byte{1}); err != nil {
		return errors.Join(err, inside.Process.Kill(), inside.Wait())
	}
	go func() {
		for range signals {
			_ = inside.Process.Signal(syscall.SIGTERM)
		}
	}()
	return inside.Wait()
}

func writeRecord(file string, outside, inside int) error {
	record := map[string]identity{}
	for name, pid := range map[string]int{"outside": outside, "inside": inside} {
		startTime, err := startTimeOf(pid)
		if err != nil {
			return err
		}
		record[name] = identity{Pid: pid, StartTime: startTime}
	}
	content, err := json.Marshal(record)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// startTimeOf reads field 22 of /proc/<pid>/stat: clock ticks since boot.
func startTimeOf(pid int) (string, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 20 {
		return "", fmt.Errorf("/proc/%d/stat has an unknown form", pid)
	}
	return fields[19], nil
}
