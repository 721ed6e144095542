package audiotest

import (
	"math"

	"tring/audio"
)

// The constants of STOI are those of Taal, Hendriks, Heusdens and Jensen, "An
// Algorithm for Intelligibility Prediction of Time-Frequency Weighted Noisy
// Speech" (2011).
const (
	stoiRate    = 10000
	stoiFrame   = 256 // samples, half of it new
	stoiFFT     = 512
	stoiBands   = 15
	stoiLowest  = 150 // Hz, centre of the first third of an octave
	stoiSegment = 30  // frames: 384 ms
	stoiRange   = 40  // dB below the loudest frame that still counts
	stoiClip    = -15 // dB
)

// STOI is the short-time objective intelligibility of heard, against what was
// said: 1 is perfect, below 0.75 words are lost. Both are at rate and begin at
// the same moment; see Align.
func STOI(said, heard []int16, rate audio.SampleRate) float64 {
	x, y := bands(stoiFrames(resample(said, float64(rate), stoiRate), resample(heard, float64(rate), stoiRate)))
	sum, n := 0.0, 0
	for end := stoiSegment; end <= len(x); end++ {
		for band := range stoiBands {
			sum += segment(x[end-stoiSegment:end], y[end-stoiSegment:end], band)
			n++
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}

// resample changes the rate with a windowed sinc. The places of new samples
// between old ones repeat, and with them the filter.
func resample(pcm []int16, from, to float64) []float64 {
	ratio := from / to
	half := int(16 * max(1, ratio))
	filters := map[float64][]float64{}
	out := make([]float64, int(float64(len(pcm))/ratio))
	for i := range out {
		whole, part := math.Modf(float64(i) * ratio)
		part = math.Round(part*1e6) / 1e6
		filter, ok := filters[part]
		if !ok {
			filter = sincFilter(part, half, max(1, ratio))
			filters[part] = filter
		}
		for k, f := range filter {
			if at := int(whole) - half + k; at >= 0 && at < len(pcm) {
				out[i] += float64(pcm[at]) * f
			}
		}
	}
	return out
}

// sincFilter is the filter for a sample that stands part behind its middle;
// lowering the rate needs a wider one.
func sincFilter(part float64, half int, widen float64) []float64 {
	filter := make([]float64, 2*half+1)
	for k := range filter {
		d := float64(k-half) - part
		filter[k] = (0.5 + 0.5*math.Cos(math.Pi*d/float64(half+1))) / widen
		if d != 0 {
			filter[k] *= math.Sin(math.Pi*d/widen) / (math.Pi * d / widen)
		}
	}
	return filter
}

// stoiFrames cuts both into windowed frames and leaves out those in which
// nothing is said.
func stoiFrames(x, y []float64) (said, heard [][]float64) {
	var energies []float64
	loudest := 0.0
	n := min(len(x), len(y))
	for at := 0; at+stoiFrame <= n; at += stoiFrame / 2 {
		a, b := make([]float64, stoiFrame), make([]float64, stoiFrame)
		e := 0.0
		for i := range a {
			w := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i+1)/(stoiFrame+1))
			a[i], b[i] = x[at+i]*w, y[at+i]*w
			e += a[i] * a[i]
		}
		said, heard, energies = append(said, a), append(heard, b), append(energies, e)
		loudest = max(loudest, e)
	}
	floor, kept := loudest*math.Pow(10, -stoiRange/10.0), 0
	for i, e := range energies {
		if e > floor {
			said[kept], heard[kept] = said[i], heard[i]
			kept++
		}
	}
	return said[:kept], heard[:kept]
}

// bands is the amplitude in each third of an octave, of each frame.
func bands(said, heard [][]float64) (x, y [][stoiBands]float64) {
	for i := range said {
		x, y = append(x, thirds(said[i])), append(y, thirds(heard[i]))
	}
	return x, y
}

func thirds(frame []float64) (out [stoiBands]float64) {
	spectrum := make([]complex128, stoiFFT)
	for i, v := range frame {
		spectrum[i] = complex(v, 0)
	}
	fft(spectrum)
	for band := range out {
		centre := stoiLowest * math.Pow(2, float64(band)/3)
		low := int(math.Round(centre * math.Pow(2, -1.0/6) * stoiFFT / stoiRate))
		high := int(math.Round(centre * math.Pow(2, 1.0/6) * stoiFFT / stoiRate))
		power := 0.0
		for k := low; k < high; k++ {
			power += real(spectrum[k])*real(spectrum[k]) + imag(spectrum[k])*imag(spectrum[k])
		}
		out[band] = math.Sqrt(power)
	}
	return out
}

// segment is the correlation of one band over 384 ms, after the heard one is
// brought to the same loudness and clipped.
func segment(x, y [][stoiBands]float64, band int) float64 {
	var ex, ey float64
	for i := range x {
		ex += x[i][band] * x[i][band]
		ey += y[i][band] * y[i][band]
	}
	scale, limit := math.Sqrt(ex/(ey+1e-20)), 1+math.Pow(10, -stoiClip/20.0)
	var a, b [stoiSegment]float64
	for i := range x {
		a[i] = x[i][band]
		b[i] = min(y[i][band]*scale, a[i]*limit)
	}
	return correlation(a[:], b[:])
}

func correlation(a, b []float64) float64 {
	var ma, mb float64
	for i := range a {
		ma += a[i] / float64(len(a))
		mb += b[i] / float64(len(b))
	}
	var aa, bb, ab float64
	for i := range a {
		aa += (a[i] - ma) * (a[i] - ma)
		bb += (b[i] - mb) * (b[i] - mb)
		ab += (a[i] - ma) * (b[i] - mb)
	}
	return ab / (math.Sqrt(aa*bb) + 1e-20)
}
