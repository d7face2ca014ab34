package evidence

import (
	"bufio"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// A picture is decoded only after its header has said how much memory that takes.
// The limit is on bytes and not on pixels, because a progressive JPEG takes
// three times as many for each pixel as a plain one.
const pictureMemory = 192 << 20

// bytesPerPixel is what decoding and painting anew take at the most.
func bytesPerPixel(kind string, progressive bool, model color.Model) int64 {
	const painted = 4
	switch {
	case kind == jpegType && progressive:
		return 3*4 + 3 + 3 // the coefficients of three components, the planes, and those turned
	case kind == jpegType:
		return 3 + 3
	case model == color.RGBA64Model || model == color.NRGBA64Model || model == color.Gray16Model:
		return 8 + painted
	}
	return 4 + painted
}

// decode paints a picture upright. The errors are ErrPixels and ErrUnreadable, or
// the reader's own. One picture is decoded at a time.
func (e *Evidence) decode(ctx context.Context, f content, kind string) (image.Image, error) {
	select {
	case e.paint <- struct{}{}:
		defer func() { <-e.paint }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	src := &faithful{r: f}
	open := func() io.Reader {
		return bufio.NewReaderSize(io.NewSectionReader(src, 0, f.Size()), 64<<10)
	}
	config, err := decodeConfig(kind, open())
	if err != nil {
		return nil, src.blame(err)
	}
	traits := readTraits(src, f.Size(), kind)
	if config.Width <= 0 || config.Height <= 0 ||
		int64(config.Width) > pictureMemory/int64(config.Height)/bytesPerPixel(kind, traits.progressive, config.ColorModel) {
		return nil, ErrPixels
	}
	picture, err := decodePicture(kind, open())
	if err != nil {
		return nil, src.blame(err)
	}
	return upright(picture, traits.orientation), nil
}

// faithful remembers an error of the reader itself, so that a failing disk is not
// taken for a damaged picture.
type faithful struct {
	r   io.ReaderAt
	err error
}

func (f *faithful) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.r.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

func (f *faithful) blame(err error) error {
	if f.err != nil {
		return f.err
	}
	return ErrUnreadable.Wrap(err)
}

func decodeConfig(kind string, r io.Reader) (image.Config, error) {
	switch kind {
	case jpegType:
		return jpeg.DecodeConfig(r)
	case pngType:
		return png.DecodeConfig(r)
	case gifType:
		return gif.DecodeConfig(r)
	}
	return webp.DecodeConfig(r)
}

// decodePicture decodes; of a moving picture, the first frame.
func decodePicture(kind string, r io.Reader) (image.Image, error) {
	switch kind {
	case jpegType:
		return jpeg.Decode(r)
	case pngType:
		return png.Decode(r)
	case gifType:
		return gif.Decode(r)
	}
	return webp.Decode(r)
}

// copyType is the type of a picture's working copy.
func copyType(kind string) string {
	if kind == jpegType || kind == webpType {
		return jpegType
	}
	return pngType
}

// encode paints a picture anew. The encoders write pixels and nothing else.
func encode(w io.Writer, picture image.Image, kind string) error {
	if copyType(kind) == pngType {
		return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, picture)
	}
	return jpeg.Encode(w, onWhite(picture), &jpeg.Options{Quality: 90})
}

// onWhite lays a picture with transparent parts on white; JPEG has none.
func onWhite(picture image.Image) image.Image {
	if o, ok := picture.(interface{ Opaque() bool }); ok && o.Opaque() {
		return picture
	}
	flat := image.NewRGBA(picture.Bounds())
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), picture, picture.Bounds().Min, draw.Over)
	return flat
}

// upright turns a picture as its EXIF orientation (1 to 8) says.
func upright(picture image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return picture
	}
	b := picture.Bounds()
	w, h := b.Dx(), b.Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	if photo, ok := picture.(*image.YCbCr); ok {
		return turnPhoto(photo, w, h, orientation)
	}
	turned := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := sourceOf(x, y, b.Dx(), b.Dy(), orientation)
			turned.Set(x, y, picture.At(b.Min.X+sx, b.Min.Y+sy))
		}
	}
	return turned
}

// turnPhoto turns a photograph in the colours in which JPEG keeps it, which takes a
// fraction of the time.
func turnPhoto(photo *image.YCbCr, w, h, orientation int) image.Image {
	b := photo.Bounds()
	turned := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio444)
	for y := range h {
		for x := range w {
			sx, sy := sourceOf(x, y, b.Dx(), b.Dy(), orientation)
			sx, sy = sx+b.Min.X, sy+b.Min.Y
			to, luma, chroma := y*turned.YStride+x, photo.YOffset(sx, sy), photo.COffset(sx, sy)
			turned.Y[to], turned.Cb[to], turned.Cr[to] = photo.Y[luma], photo.Cb[chroma], photo.Cr[chroma]
		}
	}
	return turned
}

// sourceOf says which pixel of a picture of w×h comes to x, y.
func sourceOf(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2: // mirrored
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4: // mirrored upside down
		return x, h - 1 - y
	case 5: // mirrored, then turned left
		return y, x
	case 6: // to be turned right
		return y, h - 1 - x
	case 7: // mirrored, then turned right
		return w - 1 - y, h - 1 - x
	case 8: // to be turned left
		return w - 1 - y, x
	}
	return x, y
}
