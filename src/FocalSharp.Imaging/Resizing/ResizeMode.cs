namespace FocalSharp.Imaging.Resizing;

/// <summary>Specifies whether a resize keeps the aspect ratio of an image.</summary>
public enum ResizeMode
{
    /// <summary>The aspect ratio is kept; the rest of the input is padding.</summary>
    KeepRatio,

    /// <summary>The image is stretched to fill the input.</summary>
    Stretch,
}
