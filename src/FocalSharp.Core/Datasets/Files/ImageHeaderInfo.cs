namespace FocalSharp.Datasets.Files;

/// <summary>What an image file's header says of its picture.</summary>
/// <param name="StoredSize">Size of the stored pixels.</param>
/// <param name="Orientation">EXIF orientation of a JPEG, 1 to 8; 1 where it has none, and for other formats.</param>
public readonly record struct ImageHeaderInfo(ImageSize StoredSize, int Orientation)
{
    /// <summary>Size of the picture as it is shown, and as it is decoded.</summary>
    public ImageSize DisplaySize => ExifOrientation.Transposes(Orientation) ? new ImageSize(StoredSize.Height, StoredSize.Width) : StoredSize;
}
