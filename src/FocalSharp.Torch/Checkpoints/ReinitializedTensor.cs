namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// A tensor of the model that the file's counterpart does not fit; it keeps its fresh values, wholly or for some classes.
/// </summary>
/// <param name="Name">The model's name.</param>
/// <param name="FileShape">The file's shape.</param>
/// <param name="ModelShape">The model's shape.</param>
/// <param name="MatchedClasses">Classes whose rows were taken over, because both sides have a class of that name.</param>
public sealed record ReinitializedTensor(
    string Name, IReadOnlyList<long> FileShape, IReadOnlyList<long> ModelShape, IReadOnlyList<string> MatchedClasses)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string retained = MatchedClasses.Count == 0 ? "" : $", rows kept for {string.Join(", ", MatchedClasses)}";
        return $"{Name}: file [{string.Join(", ", FileShape)}], model [{string.Join(", ", ModelShape)}]{retained}";
    }
}
