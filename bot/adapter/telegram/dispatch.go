package telegram

import (
	"context"
	"sync"
)

// inHand is how many updates are handled at a time; more wait at Telegram.
const inHand = 128

// dispatcher runs jobs: those of one key in order, those of different keys together.
type dispatcher struct {
	slots  chan struct{}
	mu     sync.Mutex
	queues map[string][]func() // a key is here while its goroutine runs
	wg     sync.WaitGroup
}

func newDispatcher() *dispatcher {
	return &dispatcher{slots: make(chan struct{}, inHand), queues: map[string][]func(){}}
}

// do has a job run, once there is room; false when ctx ended before.
func (d *dispatcher) do(ctx context.Context, key string, job func()) bool {
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	_, running := d.queues[key]
	d.queues[key] = append(d.queues[key], job)
	if !running {
		d.wg.Go(func() { d.drain(key) })
	}
	return true
}

func (d *dispatcher) drain(key string) {
	for {
		d.mu.Lock()
		queue := d.queues[key]
		if len(queue) == 0 {
			delete(d.queues, key)
			d.mu.Unlock()
			return
		}
		job := queue[0]
		d.queues[key] = queue[1:]
		d.mu.Unlock()
		func() {
			defer func() { <-d.slots }()
			job()
		}()
	}
}

// wait returns when no job is left.
func (d *dispatcher) wait() { d.wg.Wait() }
