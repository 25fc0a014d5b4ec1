package facts

import (
	"context"

	"clientworth/pipeline/exports"
)

func Gather(ctx context.Context, s []exports.Source, o Options) (*Facts, error) { return nil, nil }
