package telegram

import (
	"context"
	"errors"
	"sync"
)

const (
	// inHand is how many keys have jobs running at a time; more wait at Telegram.
	inHand = 128
	// inLine is how many jobs of one key wait. Answers keep to the platform's
	// pace, so a chat that asks faster could keep everybody else waiting.
	inLine = 50
)

// errFlood refuses a job of a key that has too many waiting.
var errFlood = errors.New("too many at once from one chat")

// dispatcher runs jobs: those of one key in order, those of different keys
// together. A key takes one of the slots however many jobs it has.
type dispatcher struct {
	slots  chan struct{}
	mu     sync.Mutex
	queues map[string][]func() // a key is here while its goroutine runs
	wg     sync.WaitGroup
}

func newDispatcher() *dispatcher {
	return &dispatcher{slots: make(chan struct{}, inHand), queues: map[string][]func(){}}
}

// do has a job run, once there is room, and returns how many of its key are to
// end before it. Its errors are errFlood, and ctx's when that ended before.
func (d *dispatcher) do(ctx context.Context, key string, job func()) (ahead int, err error) {
	for held := false; ; held = true {
		ahead, taken, err := d.take(key, job, held)
		if taken {
			return ahead, err
		}
		select {
		case d.slots <- struct{}{}:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// take puts a job in its key's line, or begins the line with the slot that is
// held. Without one there is no beginning, and taken is false.
func (d *dispatcher) take(key string, job func(), held bool) (ahead int, taken bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	line, running := d.queues[key]
	if !running && !held {
		return 0, false, nil
	}
	if running && held {
		<-d.slots
	}
	if len(line) >= inLine {
		return len(line), true, errFlood
	}
	d.queues[key] = append(line, job)
	if !running {
		d.wg.Go(func() { d.drain(key) })
		return 0, true, nil
	}
	return len(line) + 1, true, nil
}

// drain runs the jobs of a key and then gives its slot back.
func (d *dispatcher) drain(key string) {
	defer func() { <-d.slots }()
	for {
		d.mu.Lock()
		line := d.queues[key]
		if len(line) == 0 {
			delete(d.queues, key)
			d.mu.Unlock()
			return
		}
		job := line[0]
		d.queues[key] = line[1:]
		d.mu.Unlock()
		job()
	}
}

// wait returns when no job is left.
func (d *dispatcher) wait() { d.wg.Wait() }
