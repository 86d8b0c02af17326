"""What others found out about attackers: indicators, exploited weaknesses, techniques. Read from files; pure."""
