"""Imports: payloads of providers become sends."""
