namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// A tensor of the model whose shape or classes differ from the file's; it retains its values, except the rows of matched
/// classes.
/// </summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="FileShape">The file's shape.</param>
/// <param name="ModelShape">The model's shape.</param>
/// <param name="MatchedClasses">Classes whose rows were loaded, since the file has a class of that name.</param>
internal sealed record ReinitializedTensor(
    string Name, IReadOnlyList<long> FileShape, IReadOnlyList<long> ModelShape, IReadOnlyList<string> MatchedClasses)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string retained = MatchedClasses.Count == 0 ? "" : $", rows loaded for {string.Join(", ", MatchedClasses)}";
        return $"{Name}: file [{string.Join(", ", FileShape)}], model [{string.Join(", ", ModelShape)}]{retained}";
    }
}
