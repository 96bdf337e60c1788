"""Which cells are hidden because few persons stand behind them, or because they would give such a cell away."""
