package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// A cluster that is thrown away has nothing to write down at its end.
const patience = 700 * time.Millisecond

// runInside is the first process of the cluster's namespace.
func runInside(planFile string) error {
	if os.Getpid() != 1 {
		return errors.New("the init command is only for the cluster's own namespace")
	}
	if n, err := os.NewFile(3, "ready").Read(make([]byte, 1)); n != 1 {
		return fmt.Errorf("the process outside is gone: %w", err)
	}
	p, err := readPlan(planFile)
	if err != nil {
		return err
	}
	if err := separateMounts(p); err != nil {
		return err
	}
	end := make(chan os.Signal, 2)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	s := &supervisor{running: map[int]process{}}
	go s.reap()
	for _, component := range p.Processes {
		go s.startAfter(component)
	}
	<-end
	s.end()
	return nil
}

// separateMounts gives the cluster its own view of the folders and kernel settings that its components write to at fixed places,
// so that the machine keeps its own and several clusters do not meet.
func separateMounts(p plan) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("cannot detach from the machine's mounts: %w", err)
	}
	if err := syscall.Mount("proc", "/proc", "proc", syscall.MS_NOSUID|syscall.MS_NODEV|syscall.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("cannot mount /proc: %w", err)
	}
	for path, standIn := range p.Folders {
		if err := errors.Join(os.MkdirAll(path, 0o755), os.MkdirAll(standIn, 0o755)); err != nil {
			return err
		}
		if err := syscall.Mount(standIn, path, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("cannot mount %s on %s: %w", standIn, path, err)
		}
	}
	for path, standIn := range p.Files {
		if err := coverFile(path, standIn); err != nil {
			return err
		}
	}
	// Volumes that the kubelet mounts must be seen by the containers.
	return syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_SHARED, "")
}

func coverFile(path, standIn string) error {
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(standIn, content, 0o644); err != nil {
		return err
	}
	if err := syscall.Mount(standIn, path, "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("cannot mount %s on %s: %w", standIn, path, err)
	}
	return nil
}

// supervisor keeps the components running and collects what else ends in the namespace.
type supervisor struct {
	mutex   sync.Mutex
	running map[int]process
	ending  bool
}

func (s *supervisor) startAfter(component process) {
	for isHeld(component) || !answers(component.After) {
		time.Sleep(25 * time.Millisecond)
	}
	s.start(component)
}

func isHeld(component process) bool {
	if component.Hold == "" {
		return false
	}
	_, err := os.Stat(component.Hold)
	return err == nil
}

func answers(address string) bool {
	if address == "" {
		return true
	}
	connection, err := net.DialTimeout("tcp", address, time.Second)
	if err == nil {
		_ = connection.Close()
	}
	return err == nil
}

func (s *supervisor) start(component process) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.ending {
		return
	}
	pid, err := launch(component)
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s cannot be started: %v\n", component.Name, err)
		time.AfterFunc(time.Second, func() { s.start(component) })
		return
	}
	s.running[pid] = component
}

func launch(component process) (int, error) {
	log, err := os.OpenFile(component.Log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer log.Close()
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return 0, err
	}
	defer nothing.Close()
	env := os.Environ()
	for name, value := range component.Env {
		env = append(env, name+"="+value)
	}
	return syscall.ForkExec(component.Command[0], component.Command, &syscall.ProcAttr{
		Env:   env,
		Files: []uintptr{nothing.Fd(), log.Fd(), log.Fd()},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
}

// reap waits for children: components, which are started again, and processes whose parents left them to us.
func (s *supervisor) reap() {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		if errors.Is(err, syscall.ECHILD) {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		if err != nil {
			continue
		}
		s.mutex.Lock()
		component, known := s.running[pid]
		delete(s.running, pid)
		ending := s.ending
		s.mutex.Unlock()
		if known && !ending {
			fmt.Fprintf(os.Stderr, "%s ended (%s), starting it again\n", component.Name, describe(status))
			time.AfterFunc(300*time.Millisecond, func() { s.startAfter(component) })
		}
	}
}

func describe(status syscall.WaitStatus) string {
	if status.Signaled() {
		return "signal " + status.Signal().String()
	}
	return fmt.Sprintf("exit code %d", status.ExitStatus())
}

// end asks the components to stop and does not wait long for it: what is left dies with this process.
func (s *supervisor) end() {
	s.mutex.Lock()
	s.ending = true
	for pid := range s.running {
		_ = syscall.Kill(pid, syscall.SIGTERM)
	}
	s.mutex.Unlock()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		s.mutex.Lock()
		left := len(s.running)
		s.mutex.Unlock()
		if left == 0 {
			return
		}
	}
}
