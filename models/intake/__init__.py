"""What platforms say becomes sends."""
