namespace FocalSharp.Conventions.Tests.Words;

/// <summary>A banned word in a file.</summary>
/// <param name="File">The path from the repository's root, with forward slashes.</param>
/// <param name="Line">The line, counted from 1; 0 for the path itself.</param>
/// <param name="Word">The word or identifier.</param>
/// <param name="Replacement">What to write instead.</param>
/// <param name="Context">The line's text.</param>
internal sealed record Finding(string File, int Line, string Word, string Replacement, string Context)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}: {Word} → {Replacement}    {Context}";
}
