namespace FocalSharp.Synthetic;

/// <summary>How far the drawing of a demo data set has come.</summary>
/// <param name="Done">Images drawn and written.</param>
/// <param name="Total">Images to draw.</param>
public readonly record struct DemoProgress(int Done, int Total);
