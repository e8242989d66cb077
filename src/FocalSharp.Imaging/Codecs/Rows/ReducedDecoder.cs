using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Codecs.Rows;

/// <summary>Decodes images at a reduced size by averaging, without having all their pixels in memory if they are too large for that.</summary>
internal static class ReducedDecoder
{
    /// <summary>Decodes an image, reduced to a maximum side; a smaller image keeps its size.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxSide">The longest side of the result.</param>
    /// <param name="options">Limits and orientation; null for the defaults.</param>
    /// <returns>The image, and the size of the original after its EXIF orientation.</returns>
    /// <exception cref="ImageException">The file is missing, unreadable, truncated, too large or not an image.</exception>
    public static (RgbImage Image, ImageSize Original) Decode(string path, int maxSide, ImageDecodeOptions? options = null)
    {
        if (TryDecodeByRows(path, maxSide, options) is { } large)
        {
            return large;
        }

        RgbImage image = ImageDecoder.Decode(path, options);
        ImageSize size = new(image.Width, image.Height);
        ImageSize reduced = GetSize(size, maxSide);
        return (reduced == size ? image : AreaResizer.Resize(image, reduced.Width, reduced.Height), size);
    }

    /// <summary>Decodes an image that is too large to be decoded as a whole, as <see cref="Decode"/> does. Returns null for others.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxSide">The longest side of the result.</param>
    /// <param name="options">Limits and orientation; null for the defaults.</param>
    /// <exception cref="ImageException">The image cannot be read.</exception>
    public static (RgbImage Image, ImageSize Original)? TryDecodeByRows(string path, int maxSide, ImageDecodeOptions? options = null)
    {
        options ??= ImageDecodeOptions.Default;
        using RowReader? rows = RowReader.TryOpen(path, options);
        return rows is null ? null
            : (Reduce(rows, GetSize(rows.Size, maxSide), options), options.ApplyOrientation ? rows.Info.DisplaySize : rows.Size);
    }

    /// <summary>Reduces the image that a reader is at the start of.</summary>
    /// <param name="rows">The reader.</param>
    /// <param name="size">The size of the result before orientation, no larger than the image.</param>
    /// <param name="options">Whether the orientation is applied.</param>
    public static RgbImage Reduce(RowReader rows, ImageSize size, ImageDecodeOptions options)
    {
        RgbImage image = new(size.Width, size.Height);
        using AreaRows average = new(rows.Size, size);
        byte[] row = new byte[checked(rows.Size.Width * 3)];
        while (rows.Position < rows.Size.Height)
        {
            rows.ReadRow(row);
            average.Add(row, image.Pixels, size.Width * 3);
        }

        return options.ApplyOrientation ? Orientation.Apply(image, rows.Info.Orientation) : image;
    }

    private static ImageSize GetSize(ImageSize size, int maxSide) =>
        Math.Max(size.Width, size.Height) <= maxSide ? size : KeepRatio.Fit(size.Width, size.Height, maxSide, maxSide);
}
