"""What those who lead a desk look at: its morning, its wallboards, its day on paper."""
