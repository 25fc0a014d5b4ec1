# make check is all of CI.

.PHONY: build test check

# The same bytes wherever it is built.
build:
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags=-buildid= -o clientworth ./cmd/clientworth

test:
	go test ./...

check:
	.ci/run
