namespace FocalSharp.Imaging.Resizing;

/// <summary>What a resize does to the ratio of an image's sides.</summary>
public enum ResizeMode
{
    /// <summary>Keeps it; the rest of the input is padding.</summary>
    KeepRatio,

    /// <summary>Gives it up: every image fills the whole input.</summary>
    Stretch,
}
