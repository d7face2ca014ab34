package web

import (
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
)

// ReadForm reads a form without files.
func ReadForm(r *http.Request) (url.Values, error) {
	if err := r.ParseForm(); err != nil {
		return nil, formError(err)
	}
	return r.PostForm, nil
}

// Parts gives the parts of a form with files one after the other, as they arrive.
// Nothing is written to the temporary folder.
func Parts(r *http.Request) (*multipart.Reader, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, formError(err)
	}
	return parts, nil
}

func formError(err error) error {
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		return ErrTooLarge.Wrap(err)
	}
	return ErrForm.Wrap(errors.New("web: malformed form")) // the parser's error may quote the body
}
