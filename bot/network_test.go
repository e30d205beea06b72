package main

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// cable is the network on the way to a server: it can be cut, slow, or torn
// in the middle of a sentence.
type cable struct {
	t     testing.TB
	proxy *toxiproxy.Proxy
	url   string // of the server, by way of the cable
}

func newCable(t testing.TB, server string) *cable {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	hub := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	c := &cable{t: t, proxy: toxiproxy.NewProxy(hub, "cable", "127.0.0.1:0", u.Host)}
	c.join()
	t.Cleanup(c.proxy.Stop)
	u.Host = c.proxy.Listen
	c.url = u.String()
	return c
}

// join makes the cable whole: whoever was cut off may call again.
func (c *cable) join() {
	c.t.Helper()
	if err := c.proxy.Start(); err != nil {
		c.t.Fatal(err)
	}
}

// cut ends every connection and takes none.
func (c *cable) cut() { c.proxy.Stop() }

// spoil has every new connection suffer what toxic describes:
// https://github.com/Shopify/toxiproxy#toxics
func (c *cable) spoil(toxic string) {
	c.t.Helper()
	c.cut()
	if _, err := c.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		c.t.Fatal(err)
	}
	c.join()
}

// mend takes what spoils it away.
func (c *cable) mend() {
	c.t.Helper()
	c.cut()
	c.proxy.Toxics.ResetToxics(context.Background())
	c.join()
}
