using FocalSharp.Imaging;

namespace FocalSharp.Serving.Uploads;

/// <summary>One upload's pixels, or why there are none.</summary>
/// <param name="Name">What messages and answers call it.</param>
/// <param name="Image">Its pixels, turned as EXIF says; null where it is refused.</param>
/// <param name="Error">Why it is refused; null where it is not.</param>
public sealed record DecodedImage(string Name, RgbImage? Image, UploadException? Error);
