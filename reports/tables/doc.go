// Package tables writes what machines read: the clients, the facts and the
// findings as CSV and Parquet, and the manifest. It computes nothing: figures
// are those of the result, in full and without formatting.
package tables
