namespace FocalSharp.MLNet.Pipeline;

/// <summary>Columns that exist within the pipeline only. Their names are part of saved models.</summary>
internal static class Columns
{
    public const string Image = "FocalSharp.Image";
    public const string Key = "FocalSharp.Key";
    public const string Detector = "FocalSharp.Detector";
}
