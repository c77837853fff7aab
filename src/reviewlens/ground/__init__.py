"""What several questions share: slices, neighbours, copies, groups, figures."""
