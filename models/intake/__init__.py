"""Imports: payloads of platforms become sends."""
