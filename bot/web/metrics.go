package web

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"griot/bot/adapter"
	"griot/commands"
)

// Metrics counts what the bot does. No label names a person, a place or
// anything somebody wrote.
type Metrics struct {
	registry *prometheus.Registry
	answers  *prometheus.CounterVec
	took     *prometheus.HistogramVec
	loaded   prometheus.Gauge
	refused  prometheus.Counter
	waits    prometheus.Gauge
}

// NewMetrics makes metrics for a program of the given version.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "griot_answers_total", Help: "Answers given, by platform and command.",
		}, []string{"platform", "command"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "griot_answer_seconds", Help: "Time to make an answer, sending not included.",
			Buckets: []float64{.0001, .0005, .001, .0025, .005, .01, .025, .05, .1, .5, 1.5},
		}, []string{"platform"}),
		loaded: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "griot_content_loaded_timestamp_seconds", Help: "When the content in use was loaded.",
		}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "griot_content_refused_total", Help: "Changed content that was refused because it has faults.",
		}),
		waits: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "griot_content_waiting", Help: "1 while the files hold content that is not in use: refused, held or unreadable.",
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "griot_build_info", Help: "1, with the version as a label.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.answers, m.took, m.loaded, m.refused, m.waits, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: 4, Timeout: 10 * time.Second,
		ErrorHandling: promhttp.ContinueOnError, // while the database is away the rest is told
	})
}

// ContentLoaded notes that content was taken into use.
func (m *Metrics) ContentLoaded(now time.Time) { m.loaded.Set(float64(now.Unix())) }

// ContentWaits notes whether the files hold content that is not in use.
func (m *Metrics) ContentWaits(waits bool) {
	m.waits.Set(0)
	if waits {
		m.waits.Set(1)
	}
}

// ContentRefused notes that changed content has faults.
func (m *Metrics) ContentRefused() { m.refused.Inc() }

// Gauge adds values that are read when the metrics are asked for, within two
// seconds: one for each value of the label, or a single one, under "", where
// there is no label.
func (m *Metrics) Gauge(name, help, label string, read func(ctx context.Context) (map[string]float64, error)) {
	var labels []string
	if label != "" {
		labels = []string{label}
	}
	m.registry.MustRegister(gauge{read, prometheus.NewDesc(name, help, labels, nil), len(labels)})
}

type gauge struct {
	read   func(ctx context.Context) (map[string]float64, error)
	desc   *prometheus.Desc
	labels int
}

// Describe tells of the one metric.
func (g gauge) Describe(out chan<- *prometheus.Desc) { out <- g.desc }

// Collect reads the values.
func (g gauge) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readyGrace) // a collector is given no context
	defer cancel()
	values, err := g.read(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(g.desc, err)
		return
	}
	for label, v := range values {
		out <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, v, []string{label}[:g.labels]...)
	}
}

// Measure returns core with its answers counted and timed.
func (m *Metrics) Measure(core adapter.Core) adapter.Core { return measured{core, m} }

type measured struct {
	adapter.Core
	m *Metrics
}

// Answer answers and counts.
func (c measured) Answer(ctx context.Context, r commands.Request) commands.Reply {
	start := time.Now()
	reply := c.Core.Answer(ctx, r)
	platform := string(r.Place.Platform)
	c.m.took.WithLabelValues(platform).Observe(time.Since(start).Seconds())
	c.m.answers.WithLabelValues(platform, reply.Command).Inc()
	return reply
}
