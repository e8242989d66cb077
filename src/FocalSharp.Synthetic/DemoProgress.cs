namespace FocalSharp.Synthetic;

/// <summary>The progress of generating a demo data set.</summary>
/// <param name="Done">Images written so far.</param>
/// <param name="Total">Images in all.</param>
public readonly record struct DemoProgress(int Done, int Total);
