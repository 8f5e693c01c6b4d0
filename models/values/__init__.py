"""Text, money, dates and durations from outside, made safe or refused; imports nothing of ours."""
