namespace FocalSharp.Datasets.Files;

/// <summary>The contents of an image file's header.</summary>
/// <param name="StoredSize">Size of the stored pixels.</param>
/// <param name="Orientation">EXIF orientation of a JPEG, 1 to 8; 1 if it has none, and for other formats.</param>
internal readonly record struct ImageHeaderInfo(ImageSize StoredSize, int Orientation)
{
    /// <summary>Gets the size of the displayed and decoded image.</summary>
    public ImageSize DisplaySize => ExifOrientation.Transposes(Orientation) ? new ImageSize(StoredSize.Height, StoredSize.Width) : StoredSize;
}
