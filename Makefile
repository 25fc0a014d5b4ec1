# make check is all of CI.

.PHONY: build test check bench

# The same bytes wherever it is built.
build:
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags=-buildid= -o clientworth ./cmd/clientworth

test:
	go test ./...

check:
	.ci/run

# Throughput of the stages, as multiples of counting line ends in the same run.
bench:
	go test -run '^$$' -bench Stages -benchtime 3x ./cmd/clientworth
