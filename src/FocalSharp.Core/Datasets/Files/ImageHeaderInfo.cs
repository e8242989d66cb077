namespace FocalSharp.Datasets.Files;

/// <summary>The contents of an image file's header.</summary>
/// <param name="StoredSize">Size of the stored pixels.</param>
/// <param name="Orientation">The orientation, 1 to 8 as in EXIF; 1 if the file states none.</param>
internal readonly record struct ImageHeaderInfo(ImageSize StoredSize, int Orientation)
{
    /// <summary>Gets the format.</summary>
    public ImageFormat Format { get; init; }

    /// <summary>Gets the bits of a sample: 1 to 64.</summary>
    public int BitsPerSample { get; init; } = 8;

    /// <summary>Gets the channels of a TIFF file, including alpha; 0 for other formats.</summary>
    public int Channels { get; init; }

    /// <summary>Gets whether the file contains an ICC profile.</summary>
    public bool HasColorProfile { get; init; }

    /// <summary>Gets whether colors are stored as cyan, magenta, yellow and black.</summary>
    public bool IsCmyk { get; init; }

    /// <summary>Gets the number of pages of a TIFF file, without reduced copies; 1 for other formats.</summary>
    public int PageCount { get; init; } = 1;

    /// <summary>Gets the position, from 0, of the first full-size page of a TIFF file among all its directories.</summary>
    public int Directory { get; init; }

    /// <summary>Gets the size of the displayed and decoded image.</summary>
    public ImageSize DisplaySize => ExifOrientation.Transposes(Orientation) ? new ImageSize(StoredSize.Height, StoredSize.Width) : StoredSize;
}
