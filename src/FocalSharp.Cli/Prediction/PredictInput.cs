using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Runtime;

namespace FocalSharp.Cli.Prediction;

/// <summary>An image to detect objects in, and the pixels to draw them on.</summary>
/// <param name="Source">The image.</param>
/// <param name="Size">Its size.</param>
/// <param name="Canvas">Its pixels; reduced if the image is read by rows, and null if they are not needed then.</param>
internal sealed record PredictInput(ImageSource Source, ImageSize Size, RgbImage? Canvas)
{
    /// <summary>Longest side of the annotated copy of an image that is read by rows.</summary>
    private const int MaxCanvasSide = 8192;

    private const int MinSide = 8;

    /// <summary>Decodes an image file, or opens one that is too large to be decoded as a whole.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Limits.</param>
    /// <param name="needsCanvas">Whether detections will be drawn.</param>
    /// <exception cref="ImageException">The image cannot be read, or is too small or too large.</exception>
    public static PredictInput Load(string file, ImageDecodeOptions options, bool needsCanvas)
    {
        ImageSource source = ImageSource.FromFile(file);
        using (RowReader? rows = source.TryOpenRows(options))
        {
            if (rows is not null)
            {
                return new PredictInput(source, rows.Size, needsCanvas ? ReducedDecoder.Decode(file, MaxCanvasSide, options).Image : null);
            }
        }

        RgbImage image = ImageDecoder.Decode(file, options);
        return image.Width >= MinSide && image.Height >= MinSide
            ? new PredictInput(image, new ImageSize(image.Width, image.Height), image)
            : throw new ImageException($"{file}: {image.Width}x{image.Height} px is too small. The smallest image is {MinSide}x{MinSide} px.");
    }

    /// <summary>Returns detections in pixels of the canvas.</summary>
    public IEnumerable<Detection> ScaleToCanvas(IEnumerable<Detection> detections)
    {
        (float x, float y) = ((float)Canvas!.Width / Size.Width, (float)Canvas.Height / Size.Height);
        return (x, y) == (1, 1) ? detections
            : detections.Select(detection => new Detection(detection.Box.Scale(x, y), detection.Label, detection.Score, detection.Deviation.Scale(x, y)));
    }
}
